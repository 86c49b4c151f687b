/** Of transparency-dev/tessera, testdata/log: its key, entries, checkpoints of sizes 0 to 15, its tile. */
export const TESSERA_VKEY =
  'example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx'

export const TESSERA_ENTRIES =
  'one two three four five six seven eit nain ten ileven twelf threeten fourten fivten'.split(' ')

export const TESSERA_ROOTS = [
  '47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=',
  '0Nc2CrefWKseHj/mStd+LqC8B+NrX0btIiPt2SmN+ek=',
  'T1X2GdkhUjV3iyufF9b0kVsWFxIU0VI4EpNml2Teci4=',
  'Wqx3HImawpLnS/Gv4ubjAvi1WIOy0b8Ze0amvqbavKk=',
  'zY1lN35vrXYAPixXSd59LsU29xUJtuW4o2dNNg5Y2Co=',
  'gy5gl3aksFyiCO95a/1vLXz88A3dRq+0l9Sxte8ZqZQ=',
  'a6sWvsc2eEzmj72vah7mZ5dwFltivehh2b11qwlp5Jg=',
  'IrSXADBqJ7EQoUODSDKROySgNveeL6CFhik2w/+fS7U=',
  'bC+VwvrJbalNVjfkdI8kUgs7mJoXrqiXCE7bgnD28pY=',
  'CvhHViE3S9E3htHLR+25mapWoGCJ3WckMq1UtC3VmEY=',
  'y8/gZsZCtitsMan09tY+k8I7Qpr7Y5fbO2tLi9GQnfU=',
  'Yok1cS5VdokGLBy73BC2I16b3atss6KBN9jnIi6Fz/A=',
  'uZo6M+IhVna+CLgWCrJs0xBPUHbozHkYTQASduHSLME=',
  'av0kLH0VkkVDrTuZzBGIx7d9z5G1l/GlKz/nAV/8woQ=',
  'SvCd38yNade7xEPY1a/aAc1M3A2AHYVF8lIiUnsH1ao=',
  'rKbDipCvhuX1GZ7g5BBe8sA6BbJ7ja/1nk427v383cs=',
]

/** What follows `— example.com/log/testdata `, by size. */
const SIGNATURES = [
  'M9e0lhxJACzE1KoUdqKuPa+9p6R7dSW8BlEvrg/noo8FkGg6PbJoRNOcdjqjOq89wVvTA60eubCc4oufo5BvIVEgtQc=',
  'M9e0lhr9kuLxGdAtaUrhm84TQffVsLdcy808sN0a3WyniNlfcr9+bywoiIke1YYciCNjJGkCgIlQ8b16jhsmg/SChAM=',
  'M9e0llH4NKmlf0u7C8tkJioQOmi7l5ELqljXgKRg6R3G5JJ7vx7emDWo5fpqKuA/Dk/jRrI6il+7QCVirNhyUAWGoAk=',
  'M9e0lvAQRtH832pk2RTbeSeZMkp4FZSdJYFBUjO5SKxuRbywPUF3cx+HUrb50kjd3rUWW/fj53Wj1dwcwh9bGQnqVAg=',
  'M9e0lnFuWt0cp60moO4jAkeXvMNLIIOGn4WdyeHQurBt9mBi0tWdfkldiAt9k0FpwuZymvttsVn9uwyouXU3vPpeNAc=',
  'M9e0lmn5eDHyHP10zJObZdFAX2y1V8fdDKBi4IiHbDYf1TCUBwxZOhqwv2QZCqrdda2zTRTrmnwjwscN5RBTEmZUYAs=',
  'M9e0ln+nHSdGSHEZBcjvqyYDXDbG8WxDwCDjbbGAMv/NTynAtJWhckSXIpuwpN3yJ4PTtzUbD34YGqIZr6RgJRn16gU=',
  'M9e0luA5JhTRUki/BBQD0QNiH6AEJ2pdtsA5CQjqJErViuuKrN6513RCTL2640wXJv0dCed3neRGI6dMzBq9uANf2Qc=',
  'M9e0lq1EK37dHtgv9O3UzPxisw5vwIPcJsX9ab0xt4mvVfbdUR1fbMjN6sBFYpBoBEmD4+cWhj/AVgI5MitCO5+mews=',
  'M9e0ls3mdnWX0qk4P3uGG0eYiFRWSwPR+RdeD1ARmrHPHjXP0x9UJWASPFTOTqJo0mp7Epck2O9RFB0J9IjDdAewagw=',
  'M9e0lrmwaVEOWFZ+HS5ITnRd2YMOSWE5QeoYu+6DHwJLnJ+SVeJ2ZiYeD7lVC5oGJx76gbfLSyCUEq6D8JkarrsuiQQ=',
  'M9e0lqbRtWirJwbUy4w3VrK2RyzfW8P+OIkc8t6b6AVG/tQd1Q2SN+uCLYzNNFnf/PhzeCdURSGQe1MRnohCxPu21wg=',
  'M9e0lrFzoTgi+ovhrqX0DpsEAp3wLu1coMLIkeCwSkGfS4Ox4pLXo2LHudqm4merh0ZkCNzHr8kQwq5gS5mmimIvdA4=',
  'M9e0liO8x8xfEOGmZVYODUjQajkEpjccPQ9EkG3yEEDet4K3BWE/DFRPH6H+b6gFFFaG5KS1bBmYS/xeZJs8lj+z+wM=',
  'M9e0lu8roIpjC+NXEG7JDkajIahoYDYWgxDtxfx/6rzLoztU9t/PvivZ48xt8ygJpjzaboSpkbVv3Jb+D3NdXWQf5wo=',
  'M9e0luh4jTG+UMBqOUo9/q+yAEvx1ilBEniMvjf1zfcBOhg+CKubMt53MvIt/uEWP6zdkdIQzd/fmwlM/dlPWF74ewI=',
]

export const TESSERA_CHECKPOINTS = TESSERA_ROOTS.map(
  (root, size) =>
    `example.com/log/testdata\n${size}\n${root}\n\n— example.com/log/testdata ${SIGNATURES[size]}\n`,
)

/** tile/0/000.p/15, a hash a line. */
export const TESSERA_TILE = [
  'd0d7360ab79f58ab1e1e3fe64ad77e2ea0bc07e36b5f46ed2223edd9298df9e9',
  'ab1ab7f07c7c8fe0eff4ba6faa53c7e4412e91a599153e8aa4e01beece5b7825',
  '671f146c5e471e8a1a83a3c214ce4ba907b8f3a5888d14cc8cd3ce75bb12ef94',
  'f715ab3faa5d071e6e2ac4bb994d5bf735943dcc3799da0d085e7980cfb9336a',
  'ccc29ae0e02a77b0f4578c1ac17493d79cf4262104929ac804f91fc4e7ac5af0',
  'ca233e7a26b8c35c2c93f524c7b905e7a2105640d6dcc594694cff56d26efb25',
  'd90d0fe63491f93764c1d5d6cb1f866c1597d0a65b359916cc28f24cf4a8cecc',
  '4e1720a15d8361c2be542c4150358094dc662f2dabeddabb74aefe3a5810296b',
  'f751d0a9a3f35a56c1b140e4dc9bd2a4e4caec173889f646c576737c004e9ae5',
  '1d397d3d1902b011c12620ec8276f13ccf813f9a15dc7b077db2e2f0ca09077d',
  'bb2d8c46edf697d5733185e694b4ee2c1d04b84222c9fcb4d8a5d0a2fecfed33',
  '3bad5c1c0eb3037ca7261ecfcdd10fadf07c684d580560819c970d22979478fb',
  'a5f4fecc9f63c361fe39bd564bc86137bc23637e77194d6682680c84a7eb9ad5',
  'b6c94e61bdb317e092f2f4d4494ae0ea49069def34864e39e5c8cf65779a495f',
  '3786dc18e75f450d499f119c1eaee20dd8293f21fc9d08714a18d72b1cd60eb5',
]
