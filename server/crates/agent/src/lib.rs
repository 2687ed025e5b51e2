//! One turn of the conversation: a pure machine, its driver, and the models.
