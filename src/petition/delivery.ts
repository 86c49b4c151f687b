/** That the signatures were handed over, and what came of it. Days as `2024-11-11`. */
export interface Delivery {
  on: string
  /** To whom, by language. */
  to: Record<string, string>
  /** Null while the answer is awaited. */
  answered: Answered | null
  /** Of the handing over. Absent without. */
  picture?: DeliveryPicture
}

export interface DeliveryPicture {
  /** SHA-256 of the organisers' file, in hexadecimal. */
  source: string
  /** What it shows, by language, for those who can't see it. */
  alt: Record<string, string>
}

export interface Answered {
  on: string
  /** Where the answer can be read, if anywhere. */
  url: string | null
}
