/**
 * What the terminal kiosk says of itself, beside what the server answers. Kept in the package, like its errors: most of it is
 * needed exactly when no server can be reached.
 */
export interface Words {
  readonly title: string;
  readonly languageName: string;
  readonly connecting: string;
  readonly online: string;
  readonly offline: string;
  readonly you: string;
  readonly kiosk: string;
  readonly greeting: string;
  readonly thinking: string;
  readonly hearing: string;
  readonly sentSound: (name: string) => string;
  readonly waitingForNetwork: string;
  readonly voiceOn: string;
  readonly voiceOff: string;

  readonly menu: string;
  readonly popular: string;
  readonly soldOut: string;
  readonly spicy: string;
  readonly count: (count: number) => string;
  readonly page: (page: number, pages: number) => string;
  readonly menuLoading: string;
  readonly menuFailed: string;
  readonly allCategories: string;
  readonly nextPage: string;
  readonly previousPage: string;
  readonly won: (amount: number) => string;
  readonly extra: (amount: number) => string;
  readonly times: (count: number) => string;

  readonly order: string;
  readonly orderEmpty: string;
  readonly orderHow: string;
  readonly orderDone: string;
  readonly total: string;
  readonly items: (count: number) => string;
  readonly eatIn: string;
  readonly takeOut: string;
  readonly toChoose: (groups: string) => string;
  readonly placed: string;
  readonly paid: string;

  readonly question: string;
  readonly questionsLeft: (count: number) => string;
  readonly chosenDone: string;
  readonly chooseFrom: (group: string, kind: 'one' | 'many') => string;
  readonly confirmation: string;
  readonly confirmHow: string;
  readonly secondsLeft: (seconds: number) => string;
  readonly confirmationLate: string;
  readonly payment: string;
  readonly paymentHow: string;
  readonly paymentWait: (method: string) => string;
  readonly paymentReversing: string;
  readonly paymentStop: string;
  readonly paymentSimulated: string;
  readonly paymentUnknown: string;
  readonly methods: Readonly<Record<string, string>>;
  readonly tax: string;
  readonly service: string;
  readonly discount: string;

  readonly receipt: string;
  readonly orderNumber: string;
  readonly receiptCounter: string;
  readonly receiptPaid: string;
  readonly newOrder: string;
  readonly leftWith: (number: number) => string;
  readonly goodbye: string;

  readonly help: string;
  readonly helpLines: readonly (readonly [command: string, meaning: string])[];
  readonly hintChoose: (most: number) => string;
  readonly hintTyping: string;
  readonly hintCommands: string;
  readonly tooSmall: string;

  readonly recording: string;
  readonly recordingHow: string;
  readonly recordingEmpty: string;
  readonly noRecorder: string;
  readonly recorderFailed: (program: string) => string;
  readonly noPlayer: string;
  readonly playerFailed: (program: string) => string;
  readonly voiceMissing: string;

  readonly expired: string;
  readonly delivered: (count: number) => string;
  readonly held: (count: number) => string;
  readonly backOnline: string;
  readonly unreachable: (url: string) => string;
  readonly notAllowed: string;
  readonly tooQuick: string;
  readonly noSuchNumber: (number: number, most: number) => string;
  readonly nothingToChoose: string;
  readonly unknownCommand: (command: string) => string;
  readonly needsValue: (command: string, value: string) => string;
  readonly noFile: (path: string) => string;
  readonly noWavInFolder: (path: string) => string;
  readonly fileTooLarge: (path: string) => string;
  readonly failed: string;
}
