//! English commands and dates to intents, without IO or a clock.
