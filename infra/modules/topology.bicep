@export()
@description('A queue that carries the commands of one service.')
type queue = {
  @description('Its name.')
  name: string

  @description('How long a receiver holds a message before it is delivered again, at most PT5M.')
  lockDuration: string

  @description('Deliveries before a message is dead-lettered.')
  @minValue(5)
  @maxValue(10)
  maxDeliveryCount: int

  @description('How long a message lives.')
  timeToLive: string

  @description('What expires is parked where a person can see it.')
  deadLetteringOnMessageExpiration: true

  @description('For how long a second message with the same id is dropped.')
  duplicateDetection: string

  @description('Whether messages of one session are handled in order by one receiver.')
  requiresSession: bool
}

@export()
@description('Which messages a subscription takes.')
type filter = {
  @description('A condition over the properties of a message.')
  sql: string
}

@export()
@description('What one reader of a topic is given.')
type subscription = {
  @description('Its name.')
  name: string

  @description('Which messages it takes.')
  filter: filter

  @description('How long a receiver holds a message before it is delivered again, at most PT5M.')
  lockDuration: string

  @description('Deliveries before a message is dead-lettered.')
  @minValue(5)
  @maxValue(10)
  maxDeliveryCount: int

  @description('How long a message lives.')
  timeToLive: string

  @description('What expires is parked where a person can see it.')
  deadLetteringOnMessageExpiration: true

  @description('Whether messages of one session are handled in order by one receiver.')
  requiresSession: bool
}

@export()
@description('A topic, and who reads it.')
type topic = {
  @description('Its name.')
  name: string

  @description('How long a message lives.')
  timeToLive: string

  @description('Who reads it.')
  subscriptions: subscription[]
}

@export()
@description('The one list of queues, topics and subscriptions: service-bus.json.')
type topology = {
  @description('One queue a service, for its commands.')
  queues: queue[]

  @description('The topics, for events.')
  topics: topic[]
}
