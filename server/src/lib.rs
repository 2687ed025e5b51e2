//! Saydo: a to-do list that you talk to.
