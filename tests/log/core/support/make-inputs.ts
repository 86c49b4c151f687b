import { createNoise, utf8 } from './bytes.ts'

/** Inputs that are nearly one of the seeds, or not at all: the same ones every time. */
export function* makeInputs(seeds: (string | Uint8Array)[], count: number): Iterable<Uint8Array> {
  const noise = createNoise(20_241_111)
  const whole = (below: number) => Math.floor(noise() * below)
  const pool = seeds.map((seed) => (typeof seed === 'string' ? utf8(seed) : seed))
  for (const seed of pool) yield seed
  for (let made = pool.length; made < count; made++) {
    let input: Uint8Array = Buffer.from(pool[whole(pool.length)]!)
    for (let changes = 1 + whole(3); changes > 0; changes--) input = change(input)
    yield input
  }

  function change(input: Uint8Array): Uint8Array {
    const at = whole(input.length + 1)
    const end = at + whole(Math.min(40, input.length - at + 1))
    const [head, part, tail] = [input.subarray(0, at), input.subarray(at, end), input.subarray(end)]
    switch (whole(8)) {
      case 0:
        return Buffer.concat([head, tail])
      case 1:
        return Buffer.concat([head, part, part, tail])
      case 2:
        return Buffer.concat([head, Buffer.of(whole(256)), input.subarray(at)])
      case 3:
        return Buffer.concat([head, tokens[whole(tokens.length)]!, tail])
      case 4:
        return Buffer.concat([head, pool[whole(pool.length)]!.subarray(at)])
      case 5:
        return Buffer.alloc(whole(100), Buffer.from(noise().toString(36)))
      case 6:
        return head
      default:
        input[Math.min(at, input.length - 1)]! ^= 1 << whole(8)
        return input
    }
  }
}

const tokens = [
  ...['\n', '\n\n', ' ', '+', '=', '==', '/', '— ', '\u00a0', '\ufeff', '\0', '\r', '0', '-1', '9'],
  ...['99999999999999999999', 'tile/', '.p/', 'x000/', 'index ', 'extra ', 'sign/v1 ', '__proto__'],
  ...['{}', '\\ud800', '"', '1e9', 'AAAA', 'a'.repeat(300)],
  ...['old ', '\n\n\n', 'https://', ',', 'PRIVATE+KEY+', 'sha256 '],
].map(utf8)
