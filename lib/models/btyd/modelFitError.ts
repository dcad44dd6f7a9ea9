export type ModelFitProblem = 'noRepeatPurchases' | 'notConverged' | 'infiniteMean' | 'tooFewCustomers';

/** The data do not carry this model. `message` says why and what to do; a caller may fall back to a simpler one. */
export class ModelFitError extends Error {
  override readonly name = 'ModelFitError';
  constructor(
    readonly code: ModelFitProblem,
    message: string,
  ) {
    super(message);
  }
}
