declare module 'jasmine-core' {
  interface Environment {
    configure(options: object): void
    addReporter(reporter: object): void
    execute(): Promise<unknown>
  }
  const core: { boot(): { getEnv(): Environment } }
  export default core
}
