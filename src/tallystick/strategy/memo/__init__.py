"""Two pages for those who must decide: the questions that practitioners of verification ask."""
