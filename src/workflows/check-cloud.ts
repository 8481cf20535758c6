// The job of `vedette cloud check`: can we work with this cloud, and what will be missing?
import type { CloudChoice } from '../cloud/cloud.ts';
import type { CloudSurvey, SurveyedCloud } from '../cloud/survey.ts';

export type CheckCloudRequest = CloudChoice;

export interface CheckCloudResult extends CloudSurvey {
  readonly cloud: string;
  /** Every service that the cloud lists answers. */
  readonly healthy: boolean;
}

/** Surveys a cloud. @throws {VedetteError} when it is not configured, unreachable, or does not let us in */
export async function checkCloud(
  request: CheckCloudRequest,
  open: (choice: CloudChoice) => Promise<SurveyedCloud>,
): Promise<CheckCloudResult> {
  const cloud = await open(request);
  try {
    const survey = await cloud.survey();
    return { cloud: cloud.name, healthy: survey.services.every(({ problem }) => problem === undefined), ...survey };
  } finally {
    await cloud.close?.();
  }
}
