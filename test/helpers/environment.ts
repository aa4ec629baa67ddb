/**
 * A value that scripts/test.sh sets for every suite.
 *
 * @throws Error telling to run `npm test` when it is missing
 */
export function needEnvironment(name: string): string {
  const value = process.env[name]
  if (!value) throw new Error(`${name} is not set: run the tests by npm test, which starts the services they need`)
  return value
}
