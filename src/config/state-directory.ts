// Where Vedette keeps what outlives a run, when nobody says.

/** Standard state directory. */
export const standardStateDirectory = '/var/lib/vedette';
