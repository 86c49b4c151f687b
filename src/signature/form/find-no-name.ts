/** Endings of web addresses that are no part of anybody's name, in any case and after anything. */
const NEVER_A_NAME = 'com|net|org|info|biz|xyz|xxx|рф'
/** Those that are names too: `M.Page`, `Aung.Win`. Of a country's two letters all that IANA lists. */
const WORDS =
  'edu|gov|mil|int|online|site|website|shop|store|top|club|app|dev|page|link|click|live|news|press|blog|chat|email|bet|casino|vip|win|loan|icu|fun|space|tech|cloud|host|porn|sex|mobi|рус|бел|укр|қаз|сайт|онлайн|орг|ком|москва|дети'
const COUNTRIES =
  'ac|ad|ae|af|ag|ai|al|am|ao|aq|ar|as|at|au|aw|ax|az|ba|bb|bd|be|bf|bg|bh|bi|bj|bm|bn|bo|br|bs|bt|bw|by|bz|ca|cc|cd|cf|cg|ch|ci|ck|cl|cm|cn|co|cr|cu|cv|cw|cx|cy|cz|de|dj|dk|dm|do|dz|ec|ee|eg|er|es|et|eu|fi|fj|fk|fm|fo|fr|ga|gd|ge|gf|gg|gh|gi|gl|gm|gn|gp|gq|gr|gs|gt|gu|gw|gy|hk|hm|hn|hr|ht|hu|id|ie|il|im|in|io|iq|ir|is|it|je|jm|jo|jp|ke|kg|kh|ki|km|kn|kp|kr|kw|ky|kz|la|lb|lc|li|lk|lr|ls|lt|lu|lv|ly|ma|mc|md|me|mg|mh|mk|ml|mm|mn|mo|mp|mq|mr|ms|mt|mu|mv|mw|mx|my|mz|na|nc|ne|nf|ng|ni|nl|no|np|nr|nu|nz|om|pa|pe|pf|pg|ph|pk|pl|pm|pn|pr|ps|pt|pw|py|qa|re|ro|rs|ru|rw|sa|sb|sc|sd|se|sg|sh|si|sk|sl|sm|sn|so|sr|ss|st|su|sv|sx|sy|sz|tc|td|tf|tg|th|tj|tk|tl|tm|tn|to|tr|tt|tv|tw|tz|ua|ug|uk|us|uy|uz|va|vc|ve|vg|vi|vn|vu|wf|ws|ye|yt|za|zm|zw'

/** Not where a longer word goes on: `A.Info-Müller`, `anna.de.souza`. */
const END = '(?![\\p{L}\\p{M}\\p{N}_-]|\\.[\\p{L}\\p{N}])'
/**
 * An ending that may be a name counts in lower case only, and not after a single letter: `J.R. Smith`, `M.Li`,
 * `Maria.Jo` and `Smith.MD` are people.
 */
const WEB_ADDRESS = [
  new RegExp(`[\\p{L}\\p{N}]\\.(?:${NEVER_A_NAME})${END}`, 'iu'),
  new RegExp(`[\\p{L}\\p{N}-]{2}\\.(?:${WORDS}|${COUNTRIES})${END}`, 'u'),
  /(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.])/,
]
/** `me@home.example` and `@me`; `Amig@s` is neither. */
const MAIL_OR_USER = /@\s*[\p{L}\p{N}_-]+\s*\.\s*[\p{L}\p{N}]|(?<![\p{L}\p{N}])@\s*[\p{L}\p{N}_]/u
/** A letter, digit or picture; of signs such as ★ and ™ no name is made. */
const NAMING = /[\p{L}\p{N}\p{Emoji_Presentation}]|\p{Extended_Pictographic}\ufe0f/u

/**
 * What in a name would put something else than a name before strangers. Compatibility forms, such as full-width
 * letters, count as what they look like.
 */
export function findNoName(name: string): 'link' | 'address' | 'letters' | null {
  const plain = name.normalize('NFKC')
  if (MAIL_OR_USER.test(plain)) return 'address'
  if (WEB_ADDRESS.some((pattern) => pattern.test(plain))) return 'link'
  return NAMING.test(name) ? null : 'letters'
}
