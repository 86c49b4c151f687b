/** As in `1 signature`, `2,048 signatures`, or with its verb `1 form is`, `3 forms are`: for what commands print. */
export const howMany = (count: number, one: string, many = `${one}s`): string =>
  `${count.toLocaleString('en')} ${count === 1 ? one : many}`
