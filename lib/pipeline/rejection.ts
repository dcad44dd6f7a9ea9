import type { RunProblem } from '../store/runs.ts';

/** The uploads or the settings cannot be used: the run ends as `rejected`, and what was published before stays. */
export class RunRejected extends Error {
  override readonly name = 'RunRejected';
  constructor(readonly problems: RunProblem[]) {
    super(problems.map(({ message }) => message).join('; '));
  }
}

/** Bad input found after reading, as one problem. */
export const rejectRun = (code: string, message: string, where: Partial<RunProblem> = {}): never => {
  throw new RunRejected([{ code, message, ...where }]);
};

/** The uploads were read well and say something so different that a person or another run should agree before it is published. */
export class RunHeld extends Error {
  override readonly name = 'RunHeld';
  constructor(readonly problems: RunProblem[]) {
    super(problems.map(({ message }) => message).join('; '));
  }
}
