import { useId, type ReactNode } from 'react';

export interface FieldProps {
  readonly label: string;
  /** The control, which has to carry the id. */
  readonly children: (id: string) => ReactNode;
}

/** A control with its name above it. */
export function Field({ label, children }: FieldProps) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {children(id)}
    </div>
  );
}
