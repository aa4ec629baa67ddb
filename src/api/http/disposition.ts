import type { DispositionInput } from '../../calls/commands-port.js'
import type { Centre } from '../../centre/schema.js'
import { ApiError } from '../problem.js'
import { refusePersonalNumbers } from '../view/texts.js'
import type { Edge } from './edge.js'

/** Checks a disposition against the centre file, then gives it to the call. */
export async function giveDisposition(
  edge: Edge,
  contactId: string,
  agentId: string,
  input: DispositionInput,
): Promise<void> {
  checkDisposition(edge.centre.current(), input)
  await edge.calls.dispose(contactId, agentId, input)
}

/** @throws ApiError CTI_ERR_DISPOSITION_UNKNOWN, CTI_ERR_CATEGORY_UNKNOWN, CTI_ERR_PERSONAL_NUMBER_REFUSED */
function checkDisposition(centre: Centre, input: DispositionInput): void {
  if (!centre.file.dispositions.some(({ id }) => id === input.disposition))
    throw new ApiError('CTI_ERR_DISPOSITION_UNKNOWN')
  checkCategory(centre, input.category)
  refusePersonalNumbers({ notes: input.notes })
}

/** @throws ApiError CTI_ERR_CATEGORY_UNKNOWN */
export function checkCategory(centre: Centre, category: string | null | undefined): void {
  if (category != null && !centre.file.categories.some(({ id }) => id === category))
    throw new ApiError('CTI_ERR_CATEGORY_UNKNOWN')
}

/** @throws ApiError CTI_ERR_DEPARTMENT_UNKNOWN */
export function checkDepartment(centre: Centre, department: string | null | undefined): void {
  if (department != null && !centre.file.departments.some(({ id }) => id === department))
    throw new ApiError('CTI_ERR_DEPARTMENT_UNKNOWN')
}
