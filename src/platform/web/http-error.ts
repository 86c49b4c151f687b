/** A route's decision to answer with an error status. The message is for API clients, in English. */
export class HttpError extends Error {
  readonly statusCode: number

  constructor(statusCode: number, message: string) {
    super(message)
    this.statusCode = statusCode
  }
}

/** One sentence a status, for API clients where the error's own message must stay inside. */
export const plainMessages: Readonly<Record<number, string>> = {
  400: 'the request is malformed',
  403: 'this is refused',
  404: 'there is nothing at this address',
  405: 'this method is not known here',
  408: 'the request took too long to arrive',
  413: 'the request is too large',
  415: 'this content type is not understood here',
  417: 'what the request expects is not done here',
  429: 'too many requests: try again later',
  431: 'the headers of the request are too large',
  500: 'something went wrong on our side',
  503: 'the service is away for a moment: try again later',
}
