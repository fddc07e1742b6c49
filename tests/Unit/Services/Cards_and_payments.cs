using Atomic.Services;
using Atomic.Services.Payments;
using Atomic.Testing.Scenarios;
using Xunit;

namespace Atomic.Unit.Services;

public sealed class Cards_and_payments
{
    private static readonly PaymentId Id = new("pay-1");
    private static readonly Money Ten = new(10, "EUR");
    private static readonly AuthorizePayment Authorize = new(Id, new OrderId("o-1"), new CardNumber("4111111111111234"), Ten);
    private static readonly PaymentAuthorized Authorized = new(Id, new OrderId("o-1"), "1234", Ten, Card.StreamOf(Authorize.Card));

    [Fact]
    public void Given_no_card_When_held_Then_declined() =>
        Given<Card>.Nothing.When(card => card.Hold(Id, Ten)).ThenRefused("not registered");

    [Fact]
    public void Given_a_limit_partly_used_When_the_rest_is_held_Then_it_is_held() =>
        Given<Card>.Events(new CardRegistered(new Money(20, "EUR")), new LimitHeld(new PaymentId("p-0"), Ten))
            .When(card => card.Hold(Id, Ten)).Then(new LimitHeld(Id, Ten));

    [Fact]
    public void Given_a_limit_partly_used_When_more_than_the_rest_is_held_Then_declined() =>
        Given<Card>.Events(new CardRegistered(new Money(19.99m, "EUR")), new LimitHeld(new PaymentId("p-0"), Ten))
            .When(card => card.Hold(Id, Ten)).ThenRefused("over its limit");

    [Fact]
    public void Given_a_card_in_euro_When_dollars_are_held_Then_declined() =>
        Given<Card>.Events(new CardRegistered(Ten)).When(card => card.Hold(Id, new Money(1, "USD"))).ThenRefused("USD");

    [Fact]
    public void Given_a_hold_When_released_Then_the_limit_is_as_before() =>
        Assert.Equal(0, Given<Card>.Events(new CardRegistered(Ten), new LimitHeld(Id, Ten)).When(_ => Card.Release(Id, Ten)).After.Used);

    [Fact]
    public void Given_nothing_When_authorized_Then_only_the_last_four_are_kept() =>
        Given<Payment>.Nothing.When(payment => payment.Decide(Authorize, null)).Then(Authorized);

    [Fact]
    public void Given_a_refusing_card_When_authorized_Then_declined_for_its_reason() =>
        Given<Payment>.Nothing.When(payment => payment.Decide(Authorize, "over its limit")).ThenRefused("over its limit");

    [Fact]
    public void Given_an_authorization_When_captured_and_voided_Then_the_void_has_nothing_to_do() =>
        Given<Payment>.Events(Authorized, new PaymentCaptured(Id, Ten)).When(payment => payment.Decide(new VoidPayment(Id, Authorize.Card, Ten))).Then();

    [Fact]
    public void Given_a_voided_payment_When_captured_Then_refused_from_and_to() =>
        Given<Payment>.Events(Authorized, new PaymentVoided(Id)).When(payment => payment.Decide(new CapturePayment(Id)))
            .ThenRefused("from Voided to Captured");
}
