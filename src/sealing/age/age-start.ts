/** What an age file begins with (c2sp.org/age). */
export const AGE_START = 'age-encryption.org/v1\n'
/** The same, whichever version of the format. */
export const AGE_START_OF_ANY = 'age-encryption.org/'
