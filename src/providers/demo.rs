//! A provider without a model: finds what the bot can see and quotes it. It says plainly what it
//! is and never pretends to be a model.
