"""The doors to people: one file per platform that translates in, translates out and classifies errors."""
