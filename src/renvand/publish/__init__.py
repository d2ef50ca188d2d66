"""What a partnership hands out: data sheets and seminars, in Danish, English and Chinese."""
