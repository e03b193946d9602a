"""The reference solutions and mutants of Worksample's challenges, for authors and graders."""
