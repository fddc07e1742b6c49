using Atomic.Testing.Functions;
using Xunit;

namespace Atomic.Integration.Functions;

[Collection(EmbeddedFunctions.Name)]
public sealed class Embedded_http_triggers(EmbeddedFunctions functions) : HttpTriggerConformance(functions);

[Collection(EmbeddedFunctions.Name)]
public sealed class Embedded_timer_triggers(EmbeddedFunctions functions) : TimerTriggerConformance(functions);

[Collection(EmbeddedFunctions.Name)]
public sealed class Embedded_message_triggers(EmbeddedFunctions functions) : MessageTriggerConformance(functions);

[Collection(EmbeddedFunctions.Name)]
public sealed class Embedded_session_triggers(EmbeddedFunctions functions) : SessionTriggerConformance(functions);

[Collection(EmbeddedFunctions.Name)]
public sealed class Embedded_durable_triggers(EmbeddedFunctions functions) : DurableTriggerConformance(functions);
