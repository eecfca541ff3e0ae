"""What ships as data: indicators, welfare programmes, provinces."""
