/** Mails of this site to a list in a week: the form promises it as a rule, organisers go beyond it only if they say so. */
export const MOST_A_WEEK = 3
