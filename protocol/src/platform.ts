/** Wire contract of the platform's own routes. */

export type PartStatus = 'ok' | 'degraded' | 'down';

/** One part of the server as `/api/health` tells it. */
export interface PartHealth {
  readonly status: PartStatus;
  /** The provider in use, where the part has providers. */
  readonly provider: string | null;
  /** True for a part that only stands in for a better one (the demo ear, rules for a model). */
  readonly stand_in: boolean;
  readonly detail: string;
  /** What to do about it; null when there is nothing to do. */
  readonly action: string | null;
}

/** `GET /api/health`: 200 while the server can serve, 503 when it can't. */
export interface Health {
  readonly status: PartStatus;
  readonly version: string;
  readonly uptime_seconds: number;
  readonly parts: Readonly<Record<string, PartHealth>>;
}

export type ExperienceId = 'kiosk' | 'desk' | 'storybook' | 'fortune' | 'companion';

/** `GET /api/experiences`: the five, with their true state on this server. */
export interface ExperienceList {
  readonly experiences: readonly {
    readonly id: ExperienceId;
    /** `ready`: can be used now; `planned`: not in this version. */
    readonly state: 'ready' | 'planned';
    /** The page, or null where there is none yet. */
    readonly path: string | null;
  }[];
}
