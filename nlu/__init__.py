"""Text → meaning, in French, Somali and Afar. Imports nothing of the bot; usable alone: `python -m nlu`."""
