import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

/** The server's metrics: names `cti_<noun>_<unit>`, no label that names a person, a number or an id. */
export function createMetrics() {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry, prefix: 'cti_process_' })
  const registers = [registry]
  const counter = (name: string, help: string, labelNames: string[] = []) =>
    new Counter({ name, help, labelNames, registers })
  return {
    registry,
    callsArrived: counter('cti_calls_arrived_total', 'Calls that reached this instance'),
    lookUpsLate: counter('cti_lookups_late_total', 'Caller look-ups that were late or failed'),
    popsIncomplete: counter('cti_pops_incomplete_total', 'Screen pops that went out without context'),
    effectsFailed: counter('cti_call_effects_failed_total', 'Effects of the call state machine that failed', [
      'effect',
    ]),
    recoverySteps: counter(
      'cti_recovery_steps_total',
      'Differences between PBX and routing core mended after a connect',
      ['step'],
    ),
    repairs: counter('cti_repairs_total', 'Drift between PBX, routing core and live calls that was repaired', ['kind']),
    overloads: counter('cti_overloads_total', 'Times that new calls were left to the fallback for overload', ['cause']),
    overloaded: new Gauge({
      name: 'cti_overloaded',
      help: '1 while new calls are left to the fallback for overload',
      labelNames: ['cause'],
      registers,
    }),
    fallbackCalls: counter('cti_fallback_calls_total', "Calls of the PBX's fallback queue brought into the record", [
      'end',
    ]),
    fallbackMembers: counter(
      'cti_fallback_member_steps_total',
      "Changes to the fallback queue's members so that those who are signed in would ring",
      ['step'],
    ),
    webhookAttempts: counter('cti_webhook_attempts_total', 'Attempts to deliver webhook messages', ['outcome']),
    recordingAlarm: new Gauge({
      name: 'cti_recording_alarm',
      help: '1 while something keeps talks from being recorded or recordings from being stored',
      labelNames: ['kind'],
      registers,
    }),
    recordingBacklog: new Gauge({
      name: 'cti_recording_backlog_files',
      help: 'Recordings that are over and not stored yet',
      labelNames: ['node'],
      registers,
    }),
    recordingStartSeconds: new Histogram({
      name: 'cti_recording_start_seconds',
      help: 'From the beginning of a talk until the PBX records it',
      registers,
      buckets: [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 1, 5],
    }),
    journalEvents: counter('cti_journal_events_total', 'Events read from the journal', ['type']),
    sweepErrors: counter('cti_sweep_errors_total', 'Sweeps of due timers that failed'),
    pbxUnknownEvents: counter('cti_pbx_unknown_events_total', 'PBX events of a type this release does not know'),
    pbxMalformed: counter('cti_pbx_malformed_total', 'PBX messages that could not be read'),
    pbxReconnects: counter('cti_pbx_reconnects_total', 'Reconnects to a PBX node', ['link', 'node']),
    pbxRestErrors: counter('cti_pbx_rest_errors_total', 'Failed PBX requests', ['status']),
    pbxRestSeconds: new Histogram({
      name: 'cti_pbx_rest_seconds',
      help: 'Duration of PBX requests',
      labelNames: ['way'],
      registers,
      buckets: [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 1, 5],
    }),
    ownsNode: (read: () => readonly (readonly [node: string, owned: boolean])[]) =>
      new Gauge({
        name: 'cti_node_owned',
        help: '1 while this instance owns the PBX node, 0 on a standby',
        labelNames: ['node'],
        registers,
        collect() {
          for (const [node, owned] of read()) this.set({ node }, owned ? 1 : 0)
        },
      }),
    termsBegun: counter('cti_node_terms_total', 'Times that this instance became the owner of the PBX node', ['node']),
    callbackAlarms: counter('cti_callback_alarms_total', 'Alarms of call-backs that went off in this instance'),
    callbacksPromoted: counter('cti_callbacks_promoted_total', 'Due call-backs that were put into the routing core'),
    callbacksSwept: counter('cti_callbacks_swept_total', 'Call-backs that the sweep moved, which no alarm had', [
      'what',
    ]),
    callbacksFound: counter('cti_callbacks_found_total', 'Call-backs that rules made by themselves', ['kind']),
    callbackTickets: counter('cti_callback_tickets_total', 'Tickets left by call-backs that reached nobody'),
    callbacksOverdue: new Gauge({
      name: 'cti_callbacks_overdue',
      help: 'Open call-backs whose promise is over without a try',
      registers,
    }),
    callbackErrors: counter('cti_callback_round_errors_total', 'Rounds of the call-backs that failed', ['round']),
    callsLive: (read: () => number) =>
      new Gauge({
        name: 'cti_calls_live',
        help: 'Calls up in this instance',
        registers,
        collect() {
          this.set(read())
        },
      }),
  }
}

export type Metrics = ReturnType<typeof createMetrics>
