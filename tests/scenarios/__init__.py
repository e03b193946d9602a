"""The grader graded: tiny odd servers, each with the report that it must get."""
