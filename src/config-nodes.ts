import { type Static, Type } from 'typebox'
import { Value } from 'typebox/value'

const NODE_NAME = '^[a-z0-9]{1,20}$'

/** One entry of CTI_NODES. Unknown keys are errors: a misspelt password would otherwise be a missing one. */
const NodeSchema = Type.Object(
  {
    name: Type.String({ pattern: NODE_NAME }),
    ariUrl: Type.String({ pattern: '^https?://' }),
    ariUser: Type.String({ default: 'cti', minLength: 1 }),
    ariPassword: Type.String({ minLength: 8 }),
    amiHost: Type.String({ minLength: 1 }),
    amiPort: Type.Integer({ minimum: 1, maximum: 65535 }),
    amiUser: Type.String({ default: 'cti', minLength: 1 }),
    amiPassword: Type.String({ minLength: 8 }),
    /** Where this node's PBX writes recordings, as this process sees it. */
    recordingSpool: Type.Optional(Type.String({ pattern: '^/' })),
  },
  { additionalProperties: false },
)
const NodesSchema = Type.Array(NodeSchema)

/** One PBX node and how it is reached. */
export type NodeConfig = Readonly<Static<typeof NodeSchema>>

function parse(text: unknown): unknown {
  try {
    return Value.Default(NodesSchema, JSON.parse(String(text)))
  } catch {
    return undefined
  }
}

/** What is wrong with CTI_NODES, without its values: they hold passwords. */
export function checkNodes(text: unknown, home: unknown): string[] {
  const nodes = parse(text)
  if (nodes === undefined) return ['CTI_NODES: must be a JSON list']
  const problems = [...Value.Errors(NodesSchema, nodes)].map(
    ({ instancePath, message }) => `CTI_NODES${instancePath}: ${message}`,
  )
  if (problems.length > 0) return problems
  const names = [home, ...(nodes as NodeConfig[]).map(({ name }) => name)]
  return new Set(names).size === names.length ? [] : ['CTI_NODES: a name stands twice, or is that of CTI_NODE']
}

/** The PBX nodes that this process may own, its home node (CTI_NODE) first. @param config as readConfig gave it */
export function nodesOf(config: {
  readonly CTI_NODE: string
  readonly CTI_ARI_URL: string
  readonly CTI_ARI_USER: string
  readonly CTI_ARI_PASSWORD: string
  readonly CTI_AMI_HOST: string
  readonly CTI_AMI_PORT: number
  readonly CTI_AMI_USER: string
  readonly CTI_AMI_PASSWORD: string
  readonly CTI_NODES: string
  readonly CTI_RECORDING_SPOOL?: string
}): readonly NodeConfig[] {
  const home: NodeConfig = {
    name: config.CTI_NODE,
    ariUrl: config.CTI_ARI_URL,
    ariUser: config.CTI_ARI_USER,
    ariPassword: config.CTI_ARI_PASSWORD,
    amiHost: config.CTI_AMI_HOST,
    amiPort: config.CTI_AMI_PORT,
    amiUser: config.CTI_AMI_USER,
    amiPassword: config.CTI_AMI_PASSWORD,
    recordingSpool: config.CTI_RECORDING_SPOOL,
  }
  return [home, ...(parse(config.CTI_NODES) as NodeConfig[])]
}
