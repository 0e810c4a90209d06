/** A worker thread that never gets as far as its first tile. */
throw new Error('no memory, or whatever it is');
