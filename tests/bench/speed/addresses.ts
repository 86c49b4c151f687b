/** Of the demo petition. */
export const PAGE = '/en/p/cop29-baku'
export const API = '/api/v1/petitions/cop29-baku'
