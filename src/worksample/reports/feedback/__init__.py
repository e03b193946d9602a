"""The findings of runs as the comments of a reviewer, with the learner's replies."""
