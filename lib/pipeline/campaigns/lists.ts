/** Names under which a run over campaigns keeps what it publishes. */
export const plannedList = 'campaigns';
export const notPlannedList = 'campaigns-not-planned';
export const resultsList = 'campaign-results';
export const callsList = 'calls';
export const actionsLookup = 'actions';
