using Atomic.EventSourcing;
using Atomic.Functions.Bus;
using Atomic.Services.Travel;
using Azure.Messaging.ServiceBus;
using Microsoft.Azure.Functions.Worker;

namespace Atomic.Functions.Participants;

/// <summary>Travel as a participant: its commands, and the ways in which they come.</summary>
public sealed class TravelParticipant(StepDelivery steps)
{
    private const string Context = "travel";

    public static Participant Of(CommandHandler commands) => Participant.Of(Context, commands)
        .Does<OfferPlaces, Offer>(c => c.Code.Value, (_, c) => Offer.Decide(c))
        .Does<BookFlight, Offer>(c => c.Code.Value, (offer, c) => offer.Book(c.Trip, c.Travellers))
        .Undoes<CancelFlight, Offer>(c => c.Code.Value, (_, c) => Offer.Release(c.Trip, c.Travellers))
        .Does<BookHotel, Offer>(c => c.Code.Value, (offer, c) => offer.Book(c.Trip, c.Rooms))
        .Undoes<CancelHotel, Offer>(c => c.Code.Value, (_, c) => Offer.Release(c.Trip, c.Rooms))
        .Does<HireCar, Offer>(c => c.Code.Value, (offer, c) => offer.Book(c.Trip, 1))
        .Undoes<ReturnCar, Offer>(c => c.Code.Value, (_, c) => Offer.Release(c.Trip, 1))
        .Does<IssueTickets, Trip>(c => c.Trip.Value, (trip, c) => trip.Decide(c), creates: true)
        .Does<SendItinerary, Trip>(c => c.Trip.Value, (trip, c) => trip.Decide(c));

    [Function(nameof(HandleTravelCommands))]
    public Task HandleTravelCommands(
        [ServiceBusTrigger($"{Context}-commands", Connection = BusNames.Connection, IsBatched = true, AutoCompleteMessages = false)]
        ServiceBusReceivedMessage[] messages,
        ServiceBusMessageActions actions,
        CancellationToken cancellation) => steps.HandleAsync(Context, messages, actions, cancellation);

    [Function(nameof(HearTravelFacts))]
    public Task HearTravelFacts(
        [ServiceBusTrigger(BusNames.Events, $"{Context}-steps", Connection = BusNames.Connection, AutoCompleteMessages = false)]
        ServiceBusReceivedMessage message,
        ServiceBusMessageActions actions,
        CancellationToken cancellation) => steps.HearAsync(Context, message, actions, cancellation);

    [Function(nameof(HearDeadTravelFacts))]
    public Task HearDeadTravelFacts(
        [ServiceBusTrigger(BusNames.Events, $"{Context}-steps/$DeadLetterQueue", Connection = BusNames.Connection, AutoCompleteMessages = false)]
        ServiceBusReceivedMessage message,
        ServiceBusMessageActions actions,
        CancellationToken cancellation) => steps.HearDeadAsync(Context, message, actions, cancellation);

    [Function(nameof(BookFlight))]
    public Task<Answer> BookFlight([ActivityTrigger] StepCall<BookFlight> step, CancellationToken cancellation) =>
        steps.CarryOutAsync(Context, step, cancellation);

    [Function(nameof(CancelFlight))]
    public Task<Answer> CancelFlight([ActivityTrigger] StepCall<CancelFlight> step, CancellationToken cancellation) =>
        steps.CarryOutAsync(Context, step, cancellation);

    [Function(nameof(BookHotel))]
    public Task<Answer> BookHotel([ActivityTrigger] StepCall<BookHotel> step, CancellationToken cancellation) =>
        steps.CarryOutAsync(Context, step, cancellation);

    [Function(nameof(CancelHotel))]
    public Task<Answer> CancelHotel([ActivityTrigger] StepCall<CancelHotel> step, CancellationToken cancellation) =>
        steps.CarryOutAsync(Context, step, cancellation);

    [Function(nameof(HireCar))]
    public Task<Answer> HireCar([ActivityTrigger] StepCall<HireCar> step, CancellationToken cancellation) =>
        steps.CarryOutAsync(Context, step, cancellation);

    [Function(nameof(ReturnCar))]
    public Task<Answer> ReturnCar([ActivityTrigger] StepCall<ReturnCar> step, CancellationToken cancellation) =>
        steps.CarryOutAsync(Context, step, cancellation);

    [Function(nameof(IssueTickets))]
    public Task<Answer> IssueTickets([ActivityTrigger] StepCall<IssueTickets> step, CancellationToken cancellation) =>
        steps.CarryOutAsync(Context, step, cancellation);

    [Function(nameof(SendItinerary))]
    public Task<Answer> SendItinerary([ActivityTrigger] StepCall<SendItinerary> step, CancellationToken cancellation) =>
        steps.CarryOutAsync(Context, step, cancellation);
}
