import { decodeBase64 } from '../../../platform/bytes.ts'
import { openSealed } from '../../../sealing/age/open-sealed.ts'

/** A key made for this check alone, and what `undersigned` looks like when it is sealed to it. */
const IDENTITY = 'AGE-SECRET-KEY-1J5X4LZ8NR9A20FN9JZ97903MUF57F4ZW64S30LARM2JC8W5HFADQQ9UUL3'
const SEALED =
  'YWdlLWVuY3J5cHRpb24ub3JnL3YxCi0+IFgyNTUxOSBvTTFQejRNaFVmV05SS24vTDBoN3lTVjVlelJVS3lFcHB5bTZuaVN0' +
  'WFVNCkZZOXlPR2tGRWUrZFlQclFQV29wMURuL1VLcTkwbkkxRVd3ZmdPWnBZR0UKLS0tIDlHckRlc1cvODdLUnU0TjVFNFQx' +
  'VzNMUmdBeEUxU3J3b2dGRmpHQ1VTM1UKcET+pkgC5BRd3LNOHaLgT4/jk8vkpnE4bLyiKjR/x6n/ni5lKbPrkwPCvg=='
const MESSAGE = 'undersigned'

/**
 * True where age files can be opened and hashed. A browser that lacks a piece of the cryptography would
 * otherwise make every record look damaged.
 */
export async function passesSelfCheck(): Promise<boolean> {
  if (!globalThis.crypto?.subtle) return false
  try {
    const opened = await openSealed([IDENTITY], decodeBase64(SEALED)!)
    const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', new Uint8Array(0)))
    return new TextDecoder().decode(opened ?? undefined) === MESSAGE && hash[0] === 0xe3
  } catch {
    return false
  }
}
