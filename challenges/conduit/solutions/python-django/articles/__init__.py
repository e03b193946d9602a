"""Articles, their tags, comments and favourites."""
