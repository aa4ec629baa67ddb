/** A value of the test services' contract. @throws Error that says how to get the services when it is missing. */
export function testEnvironment(name: string): string {
  const value = process.env[name]
  if (!value) throw new Error(`${name} is not set: run \`npm test\`, which starts the services that this test needs`)
  return value
}
