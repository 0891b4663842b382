//! What bytes can tell, pure: what kind of file they are, the tables in it, what is known of these,
//! and the answers that can be computed from them.

pub mod chart;
pub mod export;
pub mod numbers;
pub mod sql;
