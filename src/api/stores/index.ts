import { createCitizensRepo } from '../../context/citizens-repo.js'
import { createContactsRepo } from '../../context/contacts-repo.js'
import { createFlagsRepo } from '../../context/flags-repo.js'
import { createSupervisionsRepo } from '../../context/supervisions-repo.js'
import { createTicketsRepo } from '../../context/tickets-repo.js'
import type { Postgres } from '../../platform/postgres/pool.js'
import type { Sealing } from '../../platform/sealing.js'
import { createForgetting } from '../../privacy/forget-citizen.js'
import type { ApiStores } from '../ports.js'
import { createApiKeys } from './api-keys.js'
import { createRefreshTokens } from './refresh-tokens.js'
import { createSignIns } from './sign-ins.js'
import { createTotpStore } from './totp.js'
import { createUsers } from './users.js'

/** Everything the edge keeps in or reads from PostgreSQL. */
export function createApiStores(postgres: Postgres, sealing: Sealing): ApiStores {
  return {
    users: createUsers(postgres),
    signIns: createSignIns(postgres),
    totp: createTotpStore(postgres, sealing),
    forgetting: createForgetting(postgres),
    refreshTokens: createRefreshTokens(postgres),
    apiKeys: createApiKeys(postgres),
    citizens: createCitizensRepo(postgres, sealing),
    flags: createFlagsRepo(postgres),
    tickets: createTicketsRepo(postgres),
    contacts: createContactsRepo(postgres, sealing),
    supervisions: createSupervisionsRepo(postgres),
  }
}
