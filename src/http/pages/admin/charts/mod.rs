//! Charts made on the server: an SVG without script or style attributes, its numbers as a table
//! below it. Labels are HTML beside the drawing, so that it can stretch and they stay readable.

pub mod daily;
pub mod heat;
pub mod scale;
