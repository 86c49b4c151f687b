import { parseVkey } from '../../../../src/log/core/note/note-key.ts'
import { startWitness } from '../../../../src/offline/witness/start-witness.ts'
import { systemClock } from '../../../../src/platform/clock.ts'

/** A witness that can be killed: prints its address. Its files and its log's key are its arguments. */
const [stateFile, keyFile, log] = process.argv.slice(2)
const { url } = await startWitness({
  stateFile: stateFile!,
  keyFile: keyFile!,
  name: 'witness.example.org',
  logs: [parseVkey(log!)],
  newKeysFor: [],
  host: '127.0.0.1',
  port: 0,
  clock: systemClock,
  onSplitView: () => {},
})
console.log(url)
