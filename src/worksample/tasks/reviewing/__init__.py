"""Tasks of the kind `review`: a pull request, what its reviewer writes, and what judges that."""
