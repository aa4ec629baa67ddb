// demo-users.mjs CENTRE_FILE: a few people of the centre to sign in as, one of each role and two agents.
import { readFileSync } from 'node:fs'
import { parse } from 'yaml'

const { agents = [] } = parse(readFileSync(process.argv[2], 'utf8'))
const wanted = { agent: 2, supervisor: 1, admin: 1, viewer: 1 }

for (const [role, count] of Object.entries(wanted)) {
  for (const person of agents.filter((agent) => agent.role === role).slice(0, count)) {
    const phone = person.device ? `, phone ${person.device}` : ''
    console.log(`    user ${person.id.padEnd(8)} ${role.padEnd(11)} ${person.name}${phone}`)
  }
}
