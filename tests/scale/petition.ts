/** The demonstration petition, as readers and programs ask for it. */
export const PETITION = {
  slug: 'cop29-baku',
  page: '/en/p/cop29-baku',
  api: '/api/v1/petitions/cop29-baku',
}
