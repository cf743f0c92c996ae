//! JsonLogic
