import { stat } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { Type } from 'typebox'
import { Compile } from 'typebox/compile'
import {
  type Fields,
  faultIn,
  PetitionFilesError,
  readFields,
  readSource,
} from '../petition/files/read-source.ts'
import { isCountry } from '../platform/i18n/countries.ts'
import { CONTACT } from '../platform/parse-setting.ts'
import type { TargetFacts } from './facts.ts'
import { OFFICES } from './facts.ts'

/** More than all countries, with two offices each. */
const MOST_TARGETS = 600

const line = (max: number) =>
  Type.String({ minLength: 1, maxLength: max, pattern: /^[^\p{Cc}]+$/u })
const texts = (max: number) => Type.Record(Type.String(), line(max))

const TargetsFile = Type.Object(
  {
    targets: Type.Array(
      Type.Object(
        {
          id: Type.String({ pattern: /^[a-z0-9-]{1,40}$/ }),
          country: Type.String(),
          office: Type.Optional(Type.Union(OFFICES.map((office) => Type.Literal(office)))),
          name: Type.Optional(texts(200)),
          contact: Type.Optional(Type.String({ pattern: CONTACT, maxLength: 200 })),
          asked: Type.Optional(texts(500)),
        },
        { additionalProperties: false },
      ),
      { minItems: 1, maxItems: MOST_TARGETS },
    ),
  },
  { additionalProperties: false },
)
const checker = Compile(TargetsFile)

export interface TargetInput extends TargetFacts {
  id: string
  country: string
}

/**
 * Reads a file of targets; docs/campaigner-reference.md explains its fields.
 * @throws PetitionFilesError naming line and field
 */
export async function readTargets(path: string): Promise<TargetInput[]> {
  const found = await stat(path).catch(() => null)
  if (!found?.isFile()) {
    throw new PetitionFilesError(`${path} is no file: give the path of a file such as targets.yaml`)
  }
  const name = basename(path)
  const source = await readSource(dirname(path), name, false)
  const fields = readFields<typeof TargetsFile>(checker, source, name)
  const { targets } = fields.value
  for (const [index, target] of targets.entries()) check(fields, target, index)
  return targets
}

function check(
  fields: Fields<{ targets: TargetInput[] }>,
  { id, country, office, name }: TargetInput,
  index: number,
): void {
  const fail = (field: string, fault: string) => {
    throw faultIn(fields, ['targets', String(index), field], fault)
  }
  const before = fields.value.targets.slice(0, index)
  if (before.some((other) => other.id === id)) {
    fail('id', `targets has the id "${id}" twice: give each an id of its own`)
  }
  if (!isCountry(country)) {
    fail('country', `country has "${country}": write its two capital letters, such as DE`)
  }
  if (!office === !name) {
    fail('id', `"${id}" needs either an office (${OFFICES.join(', ')}) or a name in each language`)
  }
}
