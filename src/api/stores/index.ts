import { createCitizensRepo } from '../../context/citizens-repo.js'
import { createContactsRepo } from '../../context/contacts-repo.js'
import { createFlagsRepo } from '../../context/flags-repo.js'
import { createTicketsRepo } from '../../context/tickets-repo.js'
import type { Postgres } from '../../platform/postgres/pool.js'
import type { ApiStores } from '../ports.js'
import { createApiKeys } from './api-keys.js'
import { createRefreshTokens } from './refresh-tokens.js'
import { createUsers } from './users.js'

/** Everything the edge keeps in or reads from PostgreSQL. */
export function createApiStores(postgres: Postgres): ApiStores {
  return {
    users: createUsers(postgres),
    refreshTokens: createRefreshTokens(postgres),
    apiKeys: createApiKeys(postgres),
    citizens: createCitizensRepo(postgres),
    flags: createFlagsRepo(postgres),
    tickets: createTicketsRepo(postgres),
    contacts: createContactsRepo(postgres),
  }
}
