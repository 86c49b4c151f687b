import { languages } from '../i18n/translate.ts'
import { HttpError, plainMessages } from './http-error.ts'

/** @throws HttpError 404: a mailed link in a language the site doesn't have was never mailed */
export function knownLanguage<P extends { lang: string }>(params: P): P {
  if (!languages.includes(params.lang)) throw new HttpError(404, plainMessages[404]!)
  return params
}
