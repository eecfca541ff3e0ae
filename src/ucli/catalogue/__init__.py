"""What ships as data: indicators and welfare programmes."""
